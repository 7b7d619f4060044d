import { plot, type PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Their types speak of a browser's document, which this project does not know. */
const parse = parseHTML as unknown as (html: string) => { document: undefined };

/** A page with its own light ground, so that it reads on a dark one as well. */
const STYLE = {
  fontFamily: 'system-ui, sans-serif',
  fontSize: '12px',
  background: 'white',
  color: '#1f2328',
};

/** Draws a plot as an SVG document that stands alone. The same data draw the same text. */
export function svgOf(title: string, options: PlotOptions): string {
  const { document } = parse('<!doctype html><html><body></body></html>');
  const drawn = plot({
    width: 760,
    marginTop: 44,
    marginBottom: 44,
    ...options,
    style: STYLE,
    className: 'plot',
    document,
  }) as unknown as { outerHTML: string };
  const svg = drawn.outerHTML;
  if (!svg.startsWith('<svg'))
    throw new Error('A plot for a page is one <svg>: no legend, title or caption of its own.');
  const head = `<title>${escaped(title)}</title><text x="12" y="20" text-anchor="start" font-weight="600" font-size="14">${escaped(title)}</text>`;
  return `${svg.replace(/^<svg[^>]*>/, (tag) => `${withNamespace(tag)}${head}`)}\n`;
}

function withNamespace(tag: string): string {
  return tag.includes('xmlns=') ? tag : tag.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
