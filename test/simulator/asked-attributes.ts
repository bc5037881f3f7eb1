/** What a policy of progressive profiling asks for, as its flow tells. */
export const askedAttributes = [
  { name: "nickname", displayName: "Nickname" },
  { name: "address.locality", displayName: "City" },
] as const;
