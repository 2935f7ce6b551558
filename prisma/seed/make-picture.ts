import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 720;
const HEIGHT = 480;

type Colour = readonly [red: number, green: number, blue: number];
/** The colour of a picture at x, y, both from 0 to 1, y downwards. */
type Painter = (x: number, y: number) => Colour;

const mix = (a: Colour, b: Colour, share: number): Colour => {
  const part = Math.max(0, Math.min(1, share));
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
};
/** Always the same grain, so that a letter is the same bytes in every installation. */
const noise = (x: number, y: number): number => {
  const value = Math.sin(x * 127.1 + y * 311.7) * 43_758.5453;
  return value - Math.floor(value);
};
const isNear = (value: number, target: number, distance: number): boolean => Math.abs(value - target) < distance;

const sky = (y: number): Colour => mix([104, 150, 196], [214, 227, 236], y * 1.6);

/** Boards of oiled larch with their grain. */
const larch: Painter = (x, y) => {
  const board = Math.floor(x * 5);
  if (isNear(x * 5 - board, 0, 0.012)) return [92, 52, 26];
  const wave = Math.sin((x * 5 - board) * 26 + Math.sin(y * 5 + board * 2.3) * 2.4 + board * 9);
  return mix(mix([190, 118, 62], [150, 82, 38], (wave + 1) / 2), [214, 150, 92], noise(x * 300, y * 9 + board) * 0.25);
};

/** The drawing of a narrow hinge beside a drainpipe. */
const hinge: Painter = (x, y) => {
  const paper: Colour = [250, 249, 245];
  const ink: Colour = [40, 48, 66];
  if (isNear(x, 0.74, 0.05))
    return isNear(x, 0.69, 0.003) || isNear(x, 0.79, 0.003) ? ink : mix([190, 198, 205], [236, 240, 243], Math.abs(x - 0.72) * 14);
  const leaf = x > 0.18 && x < 0.6 && y > 0.2 && y < 0.8;
  const leafEdge = leaf && (isNear(x, 0.18, 0.004) || isNear(x, 0.6, 0.004) || isNear(y, 0.2, 0.006) || isNear(y, 0.8, 0.006));
  const strap = x > 0.3 && x < 0.64 && (isNear(y, 0.32, 0.035) || isNear(y, 0.68, 0.035));
  const bolt = [0.36, 0.44, 0.52].some((at) => [0.32, 0.68].some((row) => Math.hypot(x - at, (y - row) / 1.5) < 0.012));
  if (bolt) return paper;
  if (leafEdge || strap) return ink;
  if (isNear(y, 0.9, 0.002) && x > 0.18 && x < 0.69) return [180, 60, 50];
  return isNear(x % 0.05, 0, 0.0008) || isNear(y % 0.075, 0, 0.001) ? [228, 230, 234] : paper;
};

/** Rafters against the sky. */
const roof: Painter = (x, y) => {
  const ridge = 0.22 + Math.abs(x - 0.5) * 0.9;
  if (y > 0.86) return mix([96, 104, 84], [70, 78, 62], noise(x * 90, y * 90));
  if (isNear(y, ridge, 0.022)) return mix([196, 138, 80], [150, 96, 50], noise(x * 40, 3));
  const rafter = (x * 13) % 1;
  if (y > ridge && rafter < 0.16) return mix([206, 150, 92], [160, 104, 56], rafter * 6);
  if (y > ridge && isNear(y, 0.62, 0.014)) return [170, 112, 62];
  return sky(y);
};

/** A crane on the building site in the morning. */
const site: Painter = (x, y) => {
  if (y > 0.82) return mix([120, 104, 84], [92, 80, 66], noise(x * 120, y * 60));
  const crane: Colour = [226, 168, 30];
  if (isNear(x, 0.62, 0.012) && y > 0.12) return Math.floor(y * 40 + x * 80) % 2 ? crane : [190, 136, 20];
  if (isNear(y, 0.16, 0.014) && x > 0.2 && x < 0.82) return Math.floor(x * 60) % 2 ? crane : [190, 136, 20];
  if (isNear(x, 0.3, 0.002) && y > 0.16 && y < 0.5) return [60, 60, 60];
  if (isNear(x, 0.3, 0.05) && y > 0.5 && y < 0.54) return [186, 128, 74];
  if (x > 0.08 && x < 0.5 && y > 0.6) return Math.floor(y * 24) % 2 ? [206, 200, 190] : [188, 180, 168];
  return mix([248, 196, 142], [120, 158, 198], 1 - y);
};

/** Strings of lights over an evening table. */
const party: Painter = (x, y) => {
  const night = mix([24, 30, 58], [92, 56, 52], y);
  let light = 0;
  for (let index = 0; index < 14; index++) {
    const at = (index + 0.5) / 14;
    const line = 0.16 + Math.sin(at * Math.PI * 2) * 0.05 + (index % 2) * 0.12;
    light = Math.max(light, 1 - Math.hypot(x - at, (y - line) / 1.5) * 16);
  }
  if (y > 0.72) return mix(mix([150, 96, 54], [110, 66, 36], noise(x * 6, y * 200)), [255, 214, 140], 0.25 * (1 - y));
  return mix(night, [255, 220, 150], light);
};

const painters = { larch, hinge, roof, site, party } as const satisfies Record<string, Painter>;

/** A picture as PNG (RFC 2083), 720 by 480. */
export function makePicture(name: keyof typeof painters): Buffer {
  const paint = painters[name];
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  let position = 0;
  for (let y = 0; y < HEIGHT; y++) {
    position++;
    for (let x = 0; x < WIDTH; x++) for (const channel of paint(x / WIDTH, y / HEIGHT)) rows[position++] = Math.round(channel);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  // 8 bits a channel, red green blue
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
