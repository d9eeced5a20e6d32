// Takes the common indentation from quoted code: a method stands four columns in in its source.
"use strict";

for (const code of document.querySelectorAll("main pre > code")) {
  const lines = code.textContent.split("\n").filter((line) => line.trim() !== "");
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  if (!(indent > 0 && Number.isFinite(indent))) {
    continue;
  }
  const leading = " ".repeat(indent);
  const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  let startsLine = true;
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const before = text.data;
    text.data = (startsLine ? "\n" + before : before).replaceAll("\n" + leading, "\n");
    text.data = startsLine ? text.data.slice(1) : text.data;
    startsLine = before.endsWith("\n");
  }
}
