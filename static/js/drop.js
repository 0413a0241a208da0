// Files may be dropped anywhere onto a page that asks for them, and what is chosen is listed before
// it is sent. Without this the field takes files as any other does.
const field = document.querySelector("input[type=file][data-drop]");

function sizeOf(file) {
  const kib = file.size / 1024;
  return kib < 1024 ? `${Math.ceil(kib)} KB` : `${(kib / 1024).toFixed(1)} MB`;
}

if (field) {
  const zone = field.closest(".field");
  const list = document.createElement("ul");
  list.className = "chosen";
  list.setAttribute("aria-live", "polite");
  field.after(list);

  const lineOf = (words) => {
    const line = document.createElement("li");
    line.textContent = words;
    return line;
  };
  const show = () => {
    list.replaceChildren(...Array.from(field.files, (file) => lineOf(`${file.name}（${sizeOf(file)}）`)));
  };
  const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");

  // A file that misses the field must not replace the page and what was typed into it.
  document.addEventListener("dragover", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    zone.classList.add("takes-drop");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) zone.classList.remove("takes-drop");
  });
  document.addEventListener("drop", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("takes-drop");
    const dropped = Array.from(event.dataTransfer.items).filter((item) => item.kind === "file");
    const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory;
    const all = new DataTransfer();
    for (const file of field.files) all.items.add(file);
    for (const item of dropped) if (!isFolder(item)) all.items.add(item.getAsFile());
    const folders = dropped.some(isFolder);
    field.files = all.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    if (folders) list.append(lineOf("文件夹不能直接上传，请压缩成 ZIP 后再拖入。"));
    field.focus();
  });
  field.addEventListener("change", show);
  window.addEventListener("pageshow", show);
}
