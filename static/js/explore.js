// The quarters of a measure side by side over the years: what the table beside it says, drawn by
// ECharts from the same cells once somebody asks for it. Without this the picture of the server and
// the table stand alone.
const QUARTERS = ["一季度", "二季度", "三季度", "四季度"];
const UNREPORTED = "未报";

let library;

function load(address) {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.echarts);
    script.onerror = () => {
      library = undefined;
      failed(new Error(address));
    };
    document.head.append(script);
  });
  return library;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The latest year in the colour of the pictures of the server, those before it in fainter greys.
function shades(count) {
  const greys = ["#c3cad1", "#9aa4ae", "#66717d"];
  return [...greys.slice(Math.max(0, greys.length - count + 1)), colour("--mountain")].slice(-count);
}

function bar(cell, shade) {
  if (!cell) return { value: "-", words: UNREPORTED };
  const running = cell.over ? {} : { itemStyle: { color: "#fff", borderColor: shade, borderType: "dashed", borderWidth: 1.5 } };
  return { value: Number(cell.value), words: cell.over ? cell.words : `${cell.words}（季度未结束）`, ...running };
}

function option(data) {
  const tones = shades(data.years.length);
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("--ink"), fontSize: 13 };
  return {
    aria: { enabled: true },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: text,
    grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
    legend: { top: 4, left: 4, textStyle: text },
    tooltip: {
      trigger: "axis",
      renderMode: "richText", // the policy of the pages allows no styles within markup
      confine: true,
      axisPointer: { type: "shadow" },
      formatter: (points) =>
        [points[0].name, ...points.map((each) => `${each.seriesName}  ${each.data.words}`)].join("\n"),
    },
    xAxis: { type: "category", data: QUARTERS, axisTick: { show: false } },
    yAxis: { type: "value", splitLine: { lineStyle: { color: colour("--line") } } },
    series: data.years.map((each, at) => ({
      type: "bar",
      name: `${each.year}`,
      color: tones[at],
      barMaxWidth: 34,
      data: each.quarters.map((cell) => bar(cell, tones[at])),
    })),
  };
}

for (const button of document.querySelectorAll("[data-explore]")) {
  const place = button.nextElementSibling;
  const data = JSON.parse(place.dataset.cells);
  const closed = button.textContent;
  let chart;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (place.hidden) {
      try {
        const echarts = await load(button.dataset.library);
        place.hidden = false;
        chart ??= echarts.init(place);
        chart.setOption(option(data));
        chart.resize();
      } catch {
        place.hidden = false;
        place.textContent = "图没有载入，请检查网络后重试；数字见上面的表。";
        place.classList.add("failed");
        return;
      }
    } else {
      place.hidden = true;
    }
    button.setAttribute("aria-expanded", String(!place.hidden));
    button.textContent = place.hidden ? closed : "收起";
  });
  new ResizeObserver(() => place.hidden || chart?.resize()).observe(place.parentElement);
}
