/** The nearest of `candidates` to `text`, when it is near enough to be a slip of the keyboard; undefined otherwise. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(text.length * 0.4));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of [...candidates].sort()) {
    if (candidate === text || Math.abs(candidate.length - text.length) >= bestDistance) continue;
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance. Long texts are cut, so that a hostile name costs no more than a long one. */
function editDistance(a: string, b: string): number {
  const left = a.slice(0, 256);
  const right = b.slice(0, 256);
  // The distances of what is read of `left` to each beginning of `right`, but the first: that one is the length read.
  let row = Array.from(right, (_, index) => index + 1);
  let distance = right.length;
  for (let i = 0; i < left.length; i++) {
    let diagonal = i;
    distance = i + 1;
    row = row.map((above, j) => {
      distance = Math.min(diagonal + (left.charAt(i) === right.charAt(j) ? 0 : 1), above + 1, distance + 1);
      diagonal = above;
      return distance;
    });
  }
  return distance;
}
