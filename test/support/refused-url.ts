/**
 * A URL where every connection is refused. Its port is none that a server or a connection is given by chance:
 * one that was free a moment ago may be somebody's by now.
 */
export const refusedUrl = "http://127.0.0.1:1";
