// While an amount is typed it is said in 元, 万元 and 亿元, so that a mistaken unit is seen at once.
// Reads as tracker/core/quantities/reading.py does, and says nothing where that would refuse. Listens on the
// document, so that fields which htmx brings later are heard too.
const NUMBER = "(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:\\.[0-9]+)?";
const WITH_UNITS = new RegExp(`^(?:(${NUMBER}) ?亿 ?)?(?:(${NUMBER}) ?万 ?)?元?$`);
const PLAIN = new RegExp(`^(${NUMBER}) ?(元)?$`);

// The digits of a decimal number times ten to the power of `places`, as a BigInt; null if it has
// more decimals than that.
function shifted(number, places) {
  const [whole, decimals = ""] = number.replace(/[, ]/g, "").split(".");
  const needed = decimals.replace(/0+$/, "");
  return needed.length > places ? null : BigInt(whole + needed.padEnd(places, "0"));
}

// 分 of what was typed, or null.
function cents(typed) {
  const text = typed
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u00a0\u2009\u202f\u3000]/g, " ")
    .trim();
  const plain = PLAIN.exec(text);
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
