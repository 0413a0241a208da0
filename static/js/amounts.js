// While an amount is typed it is said in 元, 万元 and 亿元, so that a mistaken unit is seen at once.
// Reads as tracker/core/quantities/reading.py does, and says nothing where that would refuse. Listens on the
// document, so that fields which htmx brings later are heard too.
const NUMBER = "(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:\\.[0-9]+)?";
const TENS = "[1-9] ?十(?: ?[1-9])?";
const HUNDREDS = `[1-9] ?百 ?${TENS}`;
const PART = `[1-9] ?千 ?(?:${HUNDREDS}|[1-9] ?百)|${HUNDREDS}|${TENS}|${NUMBER}(?: ?[十百千])?`;
const WITH_UNITS = new RegExp(`^(?:(${PART}) ?亿 ?)?(?:(${PART}) ?万 ?)?元?$`);
const PLAIN = new RegExp(`^(${PART}) ?(元)?$`);
const TIMES = { 十: 1, 百: 2, 千: 3 };

// The digits of a decimal number times ten to the power of `places`, as a BigInt; null if it has
// more decimals than that.
// So of 1.5千 and 2千5百 as well.
function shifted(number, places) {
  const several = number.split(/(?<=[十百千])/);
  if (several.length > 1 || number.at(-1) in TIMES) {
    const parts = several.map((part) => {
      const times = TIMES[part.at(-1)] ?? 0;
      return shifted((times ? part.slice(0, -1) : part).trim(), places + times);
    });
    return parts.includes(null) ? null : parts.reduce((sum, part) => sum + part, 0n);
  }
  const [whole, decimals = ""] = number.replace(/[, ]/g, "").split(".");
  const needed = decimals.replace(/0+$/, "");
  return needed.length > places ? null : BigInt(whole + needed.padEnd(places, "0"));
}

// 分 of what was typed, or null.
function cents(typed) {
  const text = typed
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[拾佰仟]/g, (sign) => "十百千"["拾佰仟".indexOf(sign)])
    .replace(/[\u00a0\u2009\u202f\u3000]/g, " ")
    .trim();
  const plain = PLAIN.exec(text);
  if (plain && !plain[2] && /[十百千]/.test(plain[1])) return null;
  if (plain) return shifted(plain[1], plain[2] ? 2 : 6);
  const parts = WITH_UNITS.exec(text);
  if (!parts || !(parts[1] || parts[2])) return null;
  if (parts[1] && parts[2] && (parts[1].includes(".") || shifted(parts[2], 6) >= 10n ** 10n)) return null;
  const yi = parts[1] ? shifted(parts[1], 10) : 0n;
  const wan = parts[2] ? shifted(parts[2], 6) : 0n;
  return yi === null || wan === null ? null : yi + wan;
}

function written(amount, places) {
  const digits = String(amount).padStart(places + 1, "0");
  const whole = digits.slice(0, -places).replace(/\B(?=([0-9]{3})+$)/g, ",");
  const decimals = digits.slice(-places).replace(/0+$/, "");
  return decimals ? `${whole}.${decimals}` : whole;
}

function echo(field) {
  const output = document.getElementById(`${field.id}-echo`);
  if (!output) return;
  const amount = cents(field.value);
  output.textContent =
    amount === null ? "" : `= ${written(amount, 2)} 元 = ${written(amount, 6)} 万元 = ${written(amount, 10)} 亿元`;
}

function echoAll() {
  for (const field of document.querySelectorAll("input[data-money]")) echo(field);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("input[data-money]")) echo(event.target);
});
document.addEventListener("htmx:afterSwap", echoAll);
window.addEventListener("pageshow", echoAll);
