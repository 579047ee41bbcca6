// The kernel behind a widget, and whether it answers.
//
// After a restart a model still takes what is set, and sends nothing. So what is sent has a number, and Python repeats
// the number of the last message that it has dealt with. A host that knows that the link is gone says so at once.

const PATIENCE = 2000; // milliseconds after which an answer is missed

export function listen(model, acts) { // until what it returns is called, and only while the figure is the same
  const made = model.get("made");
  const all = Object.entries(acts).map(([name, act]) => [name, () => { if (model.get("made") === made) act(); }]);
  all.forEach(([name, act]) => model.on(name, act));
  return () => all.forEach(([name, act]) => model.off(name, act));
}

export function newKernel(model) {
  const kernel = { model, state: "", asked: 0, timer: 0, changed: () => {} };
  const stop = listen(model, {
    "change:answered": () => { if (model.get("answered") >= kernel.asked) become(kernel, ""); },
    "comm_live_update": () => { become(kernel, "kernel_gone"); send(kernel, {}); }, // a new link would bring an answer
  });
  kernel.leave = () => { stop(); clearTimeout(kernel.timer); };
  return kernel;
}

function become(kernel, state) {
  clearTimeout(kernel.timer);
  if (kernel.state === state) return;
  kernel.state = state;
  kernel.changed();
}

export function send(kernel, about) {
  const { model } = kernel;
  kernel.asked = Math.max(model.get("entered").count || 0, model.get("answered")) + 1; // other views send as well
  model.set("entered", { ...about, count: kernel.asked });
  model.save_changes();
  clearTimeout(kernel.timer);
  if (!kernel.state) kernel.timer = setTimeout(() => become(kernel, "kernel_silent"), PATIENCE);
}
