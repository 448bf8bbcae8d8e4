/** The frame on the screen as a picture of the film's own size. */

/** PNG. The film must have been read with leave of its server, or the canvas keeps it. */
export async function stillOf(video: HTMLVideoElement): Promise<ArrayBuffer> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const brush = canvas.getContext("2d");
  if (brush === null) throw new Error("there is no canvas to draw on");
  brush.drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (picture === null) throw new Error("the frame has no size");
  return picture.arrayBuffer();
}
