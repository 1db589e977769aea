"""The engines that come with Dragoman, found by entry point like anybody's."""
