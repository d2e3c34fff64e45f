/** What we use of `pg`: it brings no types of its own. */
declare module 'pg' {
  export interface ClientConfig {
    connectionString: string;
    application_name?: string;
    keepAlive?: boolean;
    connectionTimeoutMillis?: number;
  }

  export class Client {
    constructor(config: ClientConfig);
    connect(): Promise<void>;
    query(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
    on(event: 'error' | 'end', listener: (error?: Error) => void): this;
    end(): Promise<void>;
  }
}
