import { Component, type ComponentChildren } from 'preact';

/** A report of another version than the page expects must not take the whole page with it. */
export class FailureBoundary extends Component<
  { readonly children: ComponentChildren },
  { readonly failure?: string }
> {
  override state: { readonly failure?: string } = {};

  static override getDerivedStateFromError(error: unknown): { readonly failure: string } {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { failure } = this.state;
    if (failure === undefined) return this.props.children;
    return (
      <div class="empty" role="alert">
        <h1>This view failed</h1>
        <p>{failure}</p>
        <p>The figures are in the JSON and text reports all the same.</p>
      </div>
    );
  }
}
