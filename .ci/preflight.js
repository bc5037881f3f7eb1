// Plain JavaScript of an old dialect, because it has to run where the project cannot.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Node ${process.versions.node} is too old: this project runs on Node 24, which "npm ci" installs beside it. ` +
      'Run "npm ci" again with install scripts allowed, or put Node 24 on the PATH.\n',
  );
  process.exit(1);
}
