// SPDX-License-Identifier: Apache-2.0
// Style and script of the HTML report. Written by hand to stay small; both are embedded and named by digest in the page's policy.

export const htmlStyle = `
:root{color-scheme:light dark;--text:#1c2126;--soft:#5a646e;--back:#fff;--line:#dde2e7;--panel:#f6f8fa;--bad:#b3261e;--warn:#8a5a00;--good:#1b6e3c;--accent:var(--good)}
@media (prefers-color-scheme:dark){:root{--text:#e3e7eb;--soft:#98a3ad;--back:#14181c;--line:#2d343b;--panel:#1c2227;--bad:#ff8a80;--warn:#f0b429;--good:#6fcf97}}
*{box-sizing:border-box}
body{margin:0;font:14px/1.45 system-ui,sans-serif;color:var(--text);background:var(--back)}
header,main,footer{max-width:1280px;margin:0 auto;padding:0 20px}
header{padding-top:24px;border-left:6px solid var(--accent)}
header.findings{--accent:var(--bad)}
header.incomplete{--accent:var(--warn)}
header h1{margin:0;font-size:28px;color:var(--accent)}
.target,.reason{margin:0;color:var(--soft)}
.reason{font-size:16px;color:var(--text)}
nav{display:flex;flex-wrap:wrap;gap:6px 18px;margin:10px 0}
a{color:inherit;text-underline-offset:2px}
h2{font-size:17px;margin:28px 0 8px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);position:sticky;top:0;background:var(--back)}
.number{text-align:right;font-variant-numeric:tabular-nums}
code{font:12px ui-monospace,monospace;overflow-wrap:anywhere}
small{color:var(--soft)}
abbr{font-weight:700;color:var(--bad);text-decoration:none;font-size:11px;letter-spacing:.04em}
.critical .mark,.high .mark{color:var(--bad)}
.medium .mark{color:var(--warn)}
tr.critical td:nth-child(3){font-weight:700}
summary{cursor:pointer;white-space:nowrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:8px 0;padding:10px;background:var(--panel);min-width:320px;max-width:720px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
input{font:inherit;padding:4px 8px;border:1px solid var(--line);background:var(--back);color:inherit;width:260px}
footer{margin:36px auto 24px;color:var(--soft)}
@media (max-width:640px){
dl{grid-template-columns:1fr;min-width:0}dd{margin-bottom:6px}
.vulnerabilities thead{display:none}
.vulnerabilities tr{display:grid;grid-template-columns:3em 1fr auto;gap:1px 10px;padding:8px 0;border-bottom:1px solid var(--line)}
.vulnerabilities td{border:0;padding:0;overflow-wrap:anywhere}
.vulnerabilities td:nth-child(n+4){grid-column:2/-1}
.vulnerabilities td:nth-child(5)::before{content:'installed '}
.vulnerabilities td:nth-child(6)::before{content:'fixed '}
}
details.part{margin:22px 0;padding:8px 14px;border-left:4px solid var(--good);background:var(--panel)}
details.part.findings{border-color:var(--bad)}details.part.incomplete,details.part.empty{border-color:var(--warn)}
details.part>summary{font-size:15px;white-space:normal;overflow-wrap:anywhere}details.part th{background:var(--panel)}
@media print{summary{list-style:none}.filter{display:none}}
`;

export const htmlScript = `
(() => {
  for (const box of document.querySelectorAll('.filter')) {
  const input = box.querySelector('input');
  const output = box.querySelector('output');
  const rows = [...box.closest('section').querySelectorAll('tbody tr')];
  box.hidden = false;
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = wanted !== '' && !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) shown += 1;
    }
    output.textContent = wanted === '' ? '' : shown + ' of ' + rows.length;
  });
  }
  const reveal = () => {
    const part = document.getElementById(location.hash.slice(1))?.closest('details.part');
    if (part) part.open = true;
  };
  addEventListener('hashchange', reveal);
  reveal();
})();
`;
