/** Picture in picture, in the two ways that webviews offer it; many offer none. */

interface WebkitVideo {
  webkitSupportsPresentationMode?(mode: string): boolean;
  webkitSetPresentationMode?(mode: string): void;
  webkitPresentationMode?: string;
}

const floating = "picture-in-picture";

export function canFloat(video: HTMLVideoElement): boolean {
  return standard(video) || (video as WebkitVideo).webkitSupportsPresentationMode?.(floating) === true;
}

/** Into a window of its own, or back. */
export async function float(video: HTMLVideoElement): Promise<void> {
  if (standard(video)) {
    if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
    else await video.requestPictureInPicture();
    return;
  }
  const webkit = video as WebkitVideo;
  webkit.webkitSetPresentationMode?.(webkit.webkitPresentationMode === floating ? "inline" : floating);
}

function standard(video: HTMLVideoElement): boolean {
  return document.pictureInPictureEnabled === true && "requestPictureInPicture" in video;
}
