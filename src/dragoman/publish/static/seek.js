// The search of an exported site, in the index that Pagefind wrote beside the pages.
const one = (id) => document.getElementById(id);
const form = one("seek");
const said = one("said");
const list = one("hits");
const root = document.documentElement;
const SIZE = 20;
const SIGNS = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&amp;": "&" };

let hits = [];
let page = 0;
let turn = 0;

const make = (name, className, ...inside) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside);
  return element;
};

const speak = (element, language, direction) => {
  if (!language || language === root.lang) return element;
  element.lang = language;
  element.dir = direction;
  return element;
};

// Never as markup: what Pagefind marks is taken apart, and the rest is text.
const mark = (excerpt) =>
  excerpt.split(/<\/?mark>/).map((part, index) => {
    const text = part.replace(/&(?:lt|gt|quot|amp|#39|#x27);/g, (sign) => SIGNS[sign]);
    return index % 2 ? make("mark", "", text) : text;
  });

const lay = ({ url, meta, excerpt }) => {
  const link = speak(make("a", "", meta.title), meta.language, meta.direction);
  link.href = url;
  const item = make("article", "report", make("h3", "", link));
  item.append(make("p", "excerpt", make("bdi", "", ...mark(excerpt))));
  item.append(make("p", "by", meta.by || ""));
  return item;
};

const show = async (number) => {
  const own = ++turn;
  const found = await Promise.all(
    hits.slice(number * SIZE, (number + 1) * SIZE).map((hit) => hit.data()),
  );
  if (own !== turn) return;
  page = number;
  list.replaceChildren(...found.map(lay));
  one("pages").hidden = hits.length <= SIZE;
  one("before").disabled = !page;
  one("next").disabled = (page + 1) * SIZE >= hits.length;
};

const tell = (text) => {
  said.textContent = text;
  said.hidden = !text;
};

const seek = async (pagefind) => {
  const own = ++turn;
  const words = form.q.value.trim();
  const order = one("newest").checked ? { sort: { date: "desc" } } : {};
  const found = words ? (await pagefind.search(words, order)).results : [];
  if (own !== turn) return;
  hits = found;
  const number = new Intl.NumberFormat(root.lang).format(hits.length);
  await show(0);
  if (!words) tell("");
  else tell(hits.length ? form.dataset.found.replace("{}", number) : form.dataset.none);
};

try {
  const pagefind = await import(form.dataset.index);
  await pagefind.init();
  const again = () => seek(pagefind).catch(() => tell(form.dataset.broken));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = form.q.value.trim();
    history.replaceState(null, "", words ? `?q=${encodeURIComponent(words)}` : "./");
    again();
  });
  one("newest").addEventListener("change", again);
  for (const [id, step] of [["before", -1], ["next", 1]]) {
    one(id).addEventListener("click", () => {
      show(page + step);
      said.scrollIntoView();
    });
  }
  form.q.value = new URLSearchParams(location.search).get("q") || "";
  if (form.q.value) again();
} catch {
  tell(form.dataset.broken);
}
