// Sets the mathematics of a page with KaTeX.
//
// In the source, mathematics is code, so that Markdown leaves backslashes and underscores alone:
// a code block of the language "math" is a formula of its own, and inline code between dollar
// signs, $`\delta`$, a formula in the line. Without scripts both stay readable as code.
"use strict";

(() => {
  const set = (formula, displayMode) => {
    const place = document.createElement(displayMode ? "div" : "span");
    katex.render(formula, place, { displayMode, throwOnError: false });
    return place;
  };

  for (const code of document.querySelectorAll("code.language-math")) {
    code.closest("pre").replaceWith(set(code.textContent.trim(), true));
  }

  for (const code of document.querySelectorAll("main :not(pre) > code")) {
    const before = code.previousSibling;
    const after = code.nextSibling;
    const isText = (node) => node !== null && node.nodeType === Node.TEXT_NODE;
    if (isText(before) && isText(after) && before.data.endsWith("$") && after.data.startsWith("$")) {
      before.data = before.data.slice(0, -1);
      after.data = after.data.slice(1);
      code.replaceWith(set(code.textContent, false));
    }
  }
})();
