import { trace, type Tracer, type TracerProvider } from '@opentelemetry/api';

/** What the API's global provider has besides the interface, so that an SDK may come late. */
interface ProxyProvider extends TracerProvider {
  getDelegate?(): TracerProvider;
  getDelegateTracer?(name: string, version?: string): Tracer | undefined;
}

/** The tracer of the SDK that is registered now; it may come later than the application, or go. */
export class TracerSource {
  private provider: TracerProvider | undefined;
  private tracer: Tracer | undefined;

  constructor(
    private readonly name: string,
    private readonly version: string,
  ) {}

  /** Undefined without an SDK. */
  current(): Tracer | undefined {
    const proxy = trace.getTracerProvider() as ProxyProvider;
    const provider = proxy.getDelegate?.() ?? proxy;
    if (provider !== this.provider) {
      this.provider = provider;
      this.tracer =
        proxy.getDelegateTracer === undefined
          ? provider.getTracer(this.name, this.version)
          : proxy.getDelegateTracer(this.name, this.version);
    }
    return this.tracer;
  }
}
