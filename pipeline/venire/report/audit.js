// The transcript reader of the audit's page. Whatever comes from a transcript or a judge is set as text, never as markup.
"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const reader = get("reader");
  const rows = [...document.querySelectorAll("tr[data-case]")];
  const listed = [...document.querySelectorAll(".cases tbody tr")];
  const COLORS = 8;
  let current = null;
  let asked = 0;

  // Control and direction characters, and others that nobody sees: shown by their number, as they could hide or turn words.
  const UNSEEN =
    /\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
  const visible = (text) =>
    text.replace(UNSEEN, (one) => {
      const code = one.codePointAt(0).toString(16);
      return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, "0")}`;
    });

  function element(tag, kind, ...content) {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    for (const piece of content) made.append(typeof piece === "string" ? visible(piece) : piece);
    return made;
  }

  async function unpack(number) {
    const packed = Uint8Array.from(atob(get(`case-${number}`).textContent), (one) => one.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  // The words of a part, cut where a quote begins or ends, so that quotes of several judges can overlap.
  function words(part, found, show) {
    const cuts = new Set([0, part.text.length]);
    for (const mark of part.marks) cuts.add(mark.start).add(mark.end);
    const places = [...cuts].sort((one, other) => one - other);
    const block = element("div", part.kind === "text" || part.kind === "reasoning" ? "words prose" : "words");
    block.dir = "auto";
    let before = "";
    for (let n = 0; n + 1 < places.length; n++) {
      const text = part.text.slice(places[n], places[n + 1]);
      const here = part.marks.filter((mark) => mark.start <= places[n] && mark.end >= places[n + 1]);
      if (here.length === 0) {
        block.append(visible(text));
        before = "";
        continue;
      }
      const made = marked(text, here, found, show, before);
      before = here.map((mark) => found.quotes[mark.quote].verdict).join();
      for (const mark of here) found.targets.set(mark.quote, [...(found.targets.get(mark.quote) ?? []), made]);
      block.append(made);
    }
    return block;
  }

  function marked(text, here, found, show, before) {
    const by = [...new Set(here.map((mark) => found.quotes[mark.quote].verdict))];
    const names = by.map((number) => found.verdicts[number].judge).join(", ");
    const made = element("mark", by.length > 1 ? "several" : `by-${by[0] % COLORS}`, text);
    const matches = here.map((mark) => found.quotes[mark.quote].match);
    if (matches.some((match) => match !== "exact")) made.classList.add("inexact");
    made.title = visible(`${names}: ${[...new Set(matches)].join(", ")}`);
    if (before !== here.map((mark) => found.quotes[mark.quote].verdict).join()) made.dataset.by = visible(names);
    made.tabIndex = -1;
    return made;
  }

  function message(one, number, found, show) {
    const made = element("article", `message ${one.role}`);
    made.dataset.message = number;
    const side = element("div", "", element("h3", "", `${number} ${one.role}`), element("p", "", one.about.join(" · ")));
    const body = element("div", "");
    for (const part of one.parts) {
      const kind = part.kind === "text" ? [] : [element("p", "kind", part.kind)];
      body.append(element("div", `part ${part.kind === "tool error" ? "error" : part.kind}`, ...kind, words(part, found, show)));
    }
    for (const hidden of one.hidden) body.append(element("p", "note", `Not shown: ${hidden}.`));
    if (!body.hasChildNodes()) body.append(element("p", "note", "An empty message."));
    made.append(side, body);
    return made;
  }

  function quote(one, number, found, show) {
    const place = one.message === null ? "" : `, message ${one.message}`;
    const said = one.match === "absent" ? "not in the transcript" : `${one.match}${place}`;
    const there = found.targets.has(number);
    const made = element(there ? "button" : "div", "quote", one.text, element("span", "match", said));
    if (there) {
      made.type = "button";
      made.addEventListener("click", () => show(found.targets.get(number)));
    }
    return element("li", "", made);
  }

  function verdict(one, number, found, show) {
    const made = element("section", `verdict by-${number % COLORS}`, element("h3", "", one.judge));
    made.append(element("p", "note", one.about.join(" · ")));
    if (one.failure) made.append(element("p", "", `No answer. ${one.failure}`));
    const answers = element("dl", "");
    for (const [field, value] of one.answer) answers.append(element("dt", "", field), element("dd", "", value));
    made.append(answers);
    if (one.rationale) made.append(element("p", "rationale", one.rationale));
    const quotes = found.quotes.map((each, n) => [each, n]).filter(([each]) => each.verdict === number);
    if (quotes.length) made.append(element("ul", "quotes", ...quotes.map(([each, n]) => quote(each, n, found, show))));
    return made;
  }

  // A quote is several marks where another quote begins or ends within it.
  function show(marks) {
    for (const other of reader.querySelectorAll("mark.shown")) other.classList.remove("shown");
    for (const mark of marks) mark.classList.add("shown");
    marks[0].scrollIntoView({ block: "center" });
    marks[0].focus({ preventScroll: true });
  }

  function draw(found) {
    found.targets = new Map();
    const messages = found.messages.map((one, number) => message(one, number, found, show));
    const verdicts = element("div", "verdicts");
    verdicts.append(...found.verdicts.map((one, number) => verdict(one, number, found, show)));
    if (!found.verdicts.length) verdicts.append(element("p", "", "No judge was asked about this transcript."));
    const notes = found.notes.map((note) => element("p", "note", note));
    get("reader-about").textContent = visible(found.about.join(" · "));
    get("reader-content").replaceChildren(verdicts, ...notes, ...messages);
  }

  const going = () => rows.filter((row) => !row.hidden);

  async function open(row) {
    current = row;
    const request = ++asked;
    const order = going();
    const place = order.indexOf(row);
    get("reader-title").textContent = row.querySelector(".open").textContent;
    get("reader-place").textContent = place < 0 ? "" : `${place + 1} of ${order.length}`;
    get("previous").disabled = place <= 0;
    get("next").disabled = place < 0 || place + 1 >= order.length;
    get("reader-about").textContent = "";
    get("reader-content").replaceChildren();
    if (!reader.open) reader.showModal();
    reader.scrollTo({ top: 0, behavior: "instant" });
    get("reader-title").focus();
    try {
      const found = await unpack(row.dataset.case);
      // Another one may have been asked for meanwhile.
      if (request === asked) draw(found);
    } catch (error) {
      const why = "This transcript could not be unpacked; the file may be damaged, or the browser older than 2023.";
      if (request === asked) get("reader-content").replaceChildren(element("p", "notice", `${why} (${error})`));
    }
  }

  function go(step) {
    const order = going();
    const next = order[order.indexOf(current) + step];
    if (next && order.includes(current)) open(next);
  }

  function filter() {
    const wanted = get("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of listed) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
    }
    const shown = listed.filter((row) => !row.hidden).length;
    get("found").textContent = wanted.length ? `${shown} of ${listed.length}` : "";
    if (wanted.length) for (const rest of document.querySelectorAll("details.rest")) rest.open = true;
  }

  for (const row of rows) row.querySelector(".open").addEventListener("click", () => open(row));
  get("previous").addEventListener("click", () => go(-1));
  get("next").addEventListener("click", () => go(1));
  get("close").addEventListener("click", () => reader.close());
  reader.addEventListener("close", () => {
    const opener = current.querySelector(".open");
    const folded = opener.closest("details");
    if (folded) folded.open = true;
    opener.focus();
  });
  reader.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      go(step);
    }
  });
  if (listed.length) {
    document.querySelector(".filter").hidden = false;
    get("filter").addEventListener("input", filter);
  }
})();
