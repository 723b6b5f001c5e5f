export interface TrafficRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** The status that this endpoint answers when all is well. */
  readonly status: number;
}

export function requestsOfRound(round: number): TrafficRequest[];
export function send(baseUrl: string, request: TrafficRequest): Promise<void>;
export function investigate(baseUrl: string): Promise<void>;
