/** How a code can be sent. */
export type Channel = "EMAIL" | "SMS" | "VOICE" | "WHATSAPP";

/** One message sent to a person's device. Only a test can read it; PingOne's API never shows it. */
export interface InboxMessage {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly username: string;
  readonly channel: Channel;
  /** The bare address. */
  readonly to: string;
  readonly deviceId: string;
  readonly flowId: string;
  readonly code: string;
}

/** Everything sent so far. */
export interface Inbox {
  latest(username: string): InboxMessage | undefined;
  all(): readonly InboxMessage[];
}

/** An inbox that can also receive; `onCode` hears of each message. */
export function createInbox(onCode: (message: InboxMessage) => void) {
  const messages: InboxMessage[] = [];
  return {
    latest: (username: string) => messages.findLast((message) => message.username === username),
    all: (): readonly InboxMessage[] => messages,
    receive: (message: InboxMessage) => {
      messages.push(message);
      onCode(message);
    },
  };
}
