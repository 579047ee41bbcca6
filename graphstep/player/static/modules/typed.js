// What people type: numbers with a comma, a true minus, a power of ten or as a fraction, and shapes.

const SLASH = /[/\u2044\u2215\u00f7]/; // in its several forms
const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"; // the digits of powers
const POWER = new RegExp(`^(?:(-?[\\d.]+)\\s*[\\u00b7*x\\u00d7]\\s*|(-?))10(?:(?:\\^|\\*\\*)\\(?([-+]?\\d+)\\)?|(\\u207b?[${RAISED}]+))$`);

function withExponent(text) { // 4e-5 for 4·10⁻⁵ or 4*10^-5
  const found = POWER.exec(text);
  if (!found) return text;
  const [, digits, sign, plain, raised] = found;
  const lowered = raised ? [...raised].map((char) => (RAISED.includes(char) ? RAISED.indexOf(char) : "-")).join("") : plain;
  return `${digits || `${sign}1`}e${lowered}`;
}

export function typedNumber(text) { // as a text that Python and JavaScript read; as it is where it is no number
  const plain = withExponent(text.trim().replaceAll(",", ".").replaceAll("\u2212", "-")), parts = plain.split(SLASH).map((part) => part.trim());
  const quotient = parts.length === 2 && parts.every(Boolean) ? parts[0] / parts[1] : NaN;
  return Number.isFinite(quotient) ? String(quotient) : plain;
}

export function typedShape(text) { // as 2x3, 2×3, (2, 3) or 2 by 3; null for anything else
  const plain = text.trim().toLowerCase();
  if (!/^[[(]?\s*\d+(\s*(,|;|x|\u00d7|\u0445|\*|by|\u043d\u0430|\s)\s*\d+)*\s*,?\s*[\])]?$/.test(plain)) return null;
  return plain.match(/\d+/g).map(Number);
}
