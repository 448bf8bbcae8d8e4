/** Whether an element is on the screen, as an attachment: what nobody sees need not be asked for. */
export function watched(tell: (visible: boolean) => void) {
  return (element: Element) => {
    let inView = false;
    const report = () => tell(inView && document.visibilityState === "visible");
    const observer = new IntersectionObserver((entries) => {
      inView = entries.at(-1)?.isIntersecting ?? false;
      report();
    });
    observer.observe(element);
    document.addEventListener("visibilitychange", report);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", report);
    };
  };
}
