// Gradio chooses the language of its own words by the browser's; this page is Chinese in every browser.
for (const [name, value] of [["language", "zh-CN"], ["languages", ["zh-CN", "zh"]]]) {
  Object.defineProperty(Navigator.prototype, name, { get: () => value, configurable: true });
}
