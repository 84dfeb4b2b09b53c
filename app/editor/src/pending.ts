//! Holds back the news of a change until typing pauses, and hands it over at once when somebody asks.
//! It does not know what changed: the receiver reads the document itself.

/** How long typing must pause before the page hears of it, in milliseconds: long enough not to run on every key. */
const PAUSE = 250;
/** The same for documents above `LARGE`, where reading the text and running it costs more. */
const PAUSE_LARGE = 600;
/** Length in UTF-16 units above which a document counts as large. */
const LARGE = 1_000_000;

/** At most one piece of news waiting to be delivered. */
export class PendingChange {
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** `deliver` is called without arguments, at most once for each row of changes, never while it is running. */
  constructor(private readonly deliver: () => void) {}

  /** Starts the wait again; `length` of the document decides how long it is. */
  schedule(length: number): void {
    this.cancel();
    this.timer = setTimeout(() => this.flush(), length > LARGE ? PAUSE_LARGE : PAUSE);
  }

  /** Delivers now if something waits; otherwise does nothing. */
  flush(): void {
    if (this.timer === null) return;
    this.cancel();
    this.deliver();
  }

  /** Forgets what waits. */
  cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
