"""The sample press: invented outlets that show off and test the relay."""
