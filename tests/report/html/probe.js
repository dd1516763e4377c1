/* Put before all else in a copy of a page: what the page does wrong, and what
 * its canvases show, told to the page around it. */
(() => {
  const wrong = [];
  const note = text => wrong.push(text);
  window.addEventListener("error", event => note("error: " + event.message));
  window.addEventListener("unhandledrejection", event =>
    note("rejection: " + event.reason));
  document.addEventListener("securitypolicyviolation", event =>
    note("blocked: " + event.blockedURI));
  ["error", "warn"].forEach(level => {
    const said = console[level];
    console[level] = (...words) => {
      note(level + ": " + words.join(" "));
      said.apply(console, words);
    };
  });

  const sideColors = () => Array.from({ length: 8 }, (_, i) => {
    const n = parseInt(getComputedStyle(document.documentElement)
      .getPropertyValue("--side-" + i).trim().slice(1), 16);
    return [n >> 16, n >> 8 & 255, n & 255];
  });

  /* How many pixels are painted, and how many in the colour of each side. */
  const look = canvas => {
    const { width, height } = canvas;
    const pixels = canvas.width && canvas.height
      ? canvas.getContext("2d").getImageData(0, 0, width, height).data : [];
    const colors = sideColors(), found = colors.map(() => 0);
    let painted = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      if (pixels[i + 3] === 0)
        continue;
      painted++;
      colors.forEach((color, side) => {
        if (color.every((value, k) => Math.abs(value - pixels[i + k]) < 8))
          found[side]++;
      });
    }
    return { id: canvas.id, hidden: canvas.offsetParent === null, width,
             height, painted, found };
  };

  const tell = () => {
    const root = document.documentElement;
    parent.postMessage(JSON.stringify({
      wrong, canvases: [...document.querySelectorAll("canvas")].map(look),
      requests: performance.getEntriesByType("resource").map(e => e.name),
      scripts: document.scripts.length, images: document.images.length,
      wide: root.scrollWidth - root.clientWidth, width: root.clientWidth,
      rows: document.querySelectorAll("#table-addresses tbody tr").length,
      title: document.title, heading: document.querySelector("h1").textContent,
      notes: [...document.querySelectorAll("#notes li")].map(e =>
        e.textContent),
      paper: getComputedStyle(document.body).backgroundColor,
    }), "*");
  };
  window.addEventListener("load", () => setTimeout(tell, 100));
})();
