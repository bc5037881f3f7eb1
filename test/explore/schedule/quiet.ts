/** Once everything has gone as far as it comes by itself: nothing here waits for more than a promise. */
export async function quiet(): Promise<void> {
  // A tick comes after all promises only where it is asked for among them.
  await undefined;
  await new Promise<void>((resolve) => process.nextTick(resolve));
}
