// What people type: numbers with a comma, a true minus or as a fraction, and shapes.

const SLASH = /[/\u2044\u2215\u00f7]/; // in its several forms

export function typedNumber(text) { // as a text that Python and JavaScript read; as it is where it is no number
  const plain = text.trim().replaceAll(",", ".").replaceAll("\u2212", "-"), parts = plain.split(SLASH).map((part) => part.trim());
  const quotient = parts.length === 2 && parts.every(Boolean) ? parts[0] / parts[1] : NaN;
  return Number.isFinite(quotient) ? String(quotient) : plain;
}

export function typedShape(text) { // as 2x3, 2×3, (2, 3) or 2 by 3; null for anything else
  const plain = text.trim().toLowerCase();
  if (!/^[[(]?\s*\d+(\s*(,|;|x|\u00d7|\u0445|\*|by|\u043d\u0430|\s)\s*\d+)*\s*,?\s*[\])]?$/.test(plain)) return null;
  return plain.match(/\d+/g).map(Number);
}
