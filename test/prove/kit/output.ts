/** What this process writes, while it is listened to. */
export interface Output {
  /** What has been written since the last time, to standard output and standard error alike. */
  take(): string;
  /** Lets everything through again. */
  stop(): void;
}

/** Listens to all that is written by whatever means: a Lambda function's log is just that. */
export function listen(): Output {
  const streams = [process.stdout, process.stderr];
  const written: string[] = [];
  const originals = streams.map((stream) => stream.write);
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      written.push(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
      return true;
    };
  }
  return {
    take: () => written.splice(0).join(""),
    stop: () => {
      for (const [index, stream] of streams.entries()) stream.write = originals[index] ?? stream.write;
    },
  };
}
