// Builds the bundles of the studio into webapp/static/studio, or into the folder named on the command line.
// The output depends on the sources and the locked packages only: no time, no path, no machine.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import fs from 'node:fs';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(process.argv[2] ?? path.join(here, '..', 'static', 'studio'));

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { viewer: 'src/viewer/index.js', modeler: 'src/modeler/index.js' },
  outdir: target,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2021'],
  charset: 'utf8',
  legalComments: 'none', // every licence stands whole in LICENSES.txt
  assetNames: '[name]',
  loader: { '.woff2': 'file' },
  metafile: true,
  logLevel: 'warning',
});

// The licence of everything that went into a bundle, beside it.
function licenceOf(name) {
  const folder = path.join(here, 'node_modules', name);
  const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = fs.readdirSync(folder).sort().find((one) => /^licen[cs]e/i.test(one));
  const text = file ? fs.readFileSync(path.join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n')}\n`;
}

const names = Object.keys(metafile.inputs)
  .map((input) => input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
  .filter(Boolean);
const rule = `\n${'-'.repeat(100)}\n\n`;
const font = fs.readFileSync(path.join(here, 'src', 'bpmn-font-license.txt'), 'utf8');
const licences = [...[...new Set(names)].sort().map(licenceOf), `bpmn-font, inside bpmn-js (OFL-1.1)\n\n${font}`];
fs.writeFileSync(path.join(target, 'LICENSES.txt'), licences.join(rule));
