import { promises as files } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

// The program embeds what this makes and serves it as it is, so compressing happens here, once, as hard as it goes.
function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved: (config) => void (folder = config.build.outDir),
    closeBundle: async () => {
      for (const entry of await files.readdir(folder, { recursive: true })) {
        if (!/\.(js|css|html|svg)$/.test(entry)) continue;
        const file = join(folder, entry);
        const content = await files.readFile(file);
        if (content.length < 1024) continue;
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        await files.writeFile(`${file}.br`, await promisify(brotliCompress)(content, quality));
        await files.writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  // Automatic: every file that uses JSX would import React only for it.
  esbuild: { jsx: "automatic" },
  build: {
    target: "es2022",
    outDir: "dist",
    // A font or picture inside a style sheet would need `data:` in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  plugins: [compressed()],
  server: {
    proxy: { "^/(api|ajax-api|get-artifact|health|version)": process.env["SLIPWAY_URL"] ?? "http://127.0.0.1:5000" },
  },
});
