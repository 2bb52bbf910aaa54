// The mark in the corner: whether the page is live, when the last record came, what is wrong.

/** A mark on the page. */
export class Mark {
  private readonly box = document.createElement("aside");
  private readonly line = document.createElement("p");
  private readonly wrong = document.createElement("pre");
  private last = 0;

  constructor() {
    this.box.className = "live lost";
    this.box.setAttribute("aria-label", "Live");
    this.line.setAttribute("role", "status");
    this.box.append(this.line, this.wrong);
    document.body.append(this.box);
    this.line.textContent = "connecting";
  }

  /** The page is connected; no record may have come yet. */
  connected(): void {
    this.box.classList.remove("lost");
    this.say();
  }

  /** Nothing arrives until the server answers again. */
  lost(): void {
    this.box.classList.add("lost");
    this.line.textContent = "connection lost, trying again";
  }

  /** A record was logged, in Unix seconds. */
  record(time: number | null): void {
    if (time === null || time < this.last) return;
    this.last = time;
    this.say();
  }

  /** The last build failed with these findings; with none, it did not. */
  failed(findings: readonly string[]): void {
    this.box.classList.toggle("failed", findings.length > 0);
    this.wrong.textContent = findings.join("\n");
    this.say();
  }

  private say(): void {
    if (this.box.classList.contains("lost")) return;
    const parts = ["live"];
    if (this.last > 0) parts.push(`last record ${clock(this.last)}`);
    if (this.box.classList.contains("failed")) parts.push("the last build failed, and the page shows the one before:");
    this.line.textContent = parts.join(" · ");
  }
}

/** The reader's time of a day, and the day where it is another. */
function clock(seconds: number): string {
  const at = new Date(seconds * 1000);
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? "" : `${at.toLocaleDateString()} `;
  return day + at.toLocaleTimeString([], { hour12: false });
}
