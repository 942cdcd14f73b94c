/** Where the server is and who calls: given, or from the environment, or the server of this machine. */

export interface ConnectionOptions {
  /** Default `CEREBELUM_URL`, else `http://127.0.0.1:3000`. */
  url?: string;
  /** Default `CEREBELUM_API_KEY`. */
  apiKey?: string;
}

export interface Connection {
  url: URL;
  apiKey: string | undefined;
}

export function connectionOf(options: ConnectionOptions): Connection {
  const url = options.url ?? process.env.CEREBELUM_URL ?? "http://127.0.0.1:3000";
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new TypeError(`The server's url must be like http://127.0.0.1:3000, not ${JSON.stringify(url)}`);
  return { url: new URL(url), apiKey: options.apiKey ?? process.env.CEREBELUM_API_KEY };
}
