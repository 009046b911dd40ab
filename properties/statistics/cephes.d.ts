/** The functions of Cephes that this room uses. The package brings types, but does not name them in its exports. */
declare module "cephes" {
  /** Resolves when the library is compiled. */
  export const compiled: Promise<void>;
  export function erfc(x: number): number;
  export function ndtr(x: number): number;
  export function igamc(shape: number, x: number): number;
  export function incbet(a: number, b: number, x: number): number;
  export function incbi(a: number, b: number, y: number): number;
}
