namespace ConfSync.Reports;

/// <summary>How the page looks: dark and light as the reader's system is, and on a phone as well.</summary>
internal static class HtmlStyle
{
    public const string Css = """
        :root { --back: #fff; --text: #1d2126; --soft: #5a6470; --line: #cfd6dd; --head: #f2f4f7;
          --red: #ffe9e7; --reder: #ffb8b0; --green: #e3f6e5; --greener: #a2dfab; --amber: #fff3d6; --link: #0b57b0; }
        @media (prefers-color-scheme: dark) {
          :root { --back: #14171a; --text: #e4e7ea; --soft: #a3adb8; --line: #3a424b; --head: #20252b;
            --red: #41201f; --reder: #84312c; --green: #17351e; --greener: #2a6b38; --amber: #40341a; --link: #82b6ff; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 110rem; padding: 1rem; background: var(--back); color: var(--text);
          font: 1rem/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
        h3 { font: 600 1rem/1.4 ui-monospace, monospace; margin: 1.5rem 0 .25rem; overflow-wrap: anywhere; }
        p { margin: .25rem 0; overflow-wrap: anywhere; } .why { color: var(--soft); }
        .verdict { margin: .75rem 0; padding: .6rem .8rem; border-left: .4rem solid; font-weight: 600; white-space: pre-wrap; }
        .verdict.same { background: var(--green); border-color: var(--greener); } .verdict.differs { background: var(--amber); border-color: #d79b00; }
        .verdict.error { background: var(--red); border-color: #d0342c; }
        dl { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin: .5rem 0; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        dl.legend div { display: flex; gap: .5rem; align-items: baseline; } dl.legend dt { color: var(--text); padding: 0 .4rem; }
        .legend .same { border: 1px solid var(--line); } .legend .differs { background: var(--amber); } .legend .only-local { background: var(--green); }
        .legend .only-remote, .legend .error { background: var(--red); }
        a { color: var(--link); } a:focus-visible, .wide:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        section:target > h2, section:target > h3 { background: var(--amber); }
        ul.nodes { list-style: none; padding: 0; } ul.nodes li { padding: .3rem .6rem; margin: .25rem 0; border-left: .4rem solid; overflow-wrap: anywhere; }
        ul.nodes li.same { border-color: var(--greener); } ul.nodes li.differs { border-color: #d79b00; } ul.nodes li.error { border-color: #d0342c; }
        pre { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
        .wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .3rem; }
        table { border-collapse: collapse; min-width: 100%; } th, td { text-align: left; vertical-align: top; }
        .matrix th, .matrix td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
        .matrix tbody th { font: 400 .9rem/1.4 ui-monospace, monospace; min-width: 12rem; overflow-wrap: anywhere; }
        thead th { background: var(--head); padding: .3rem .6rem; }
        .matrix th:first-child { position: sticky; left: 0; background: var(--back); } .matrix thead th:first-child { background: var(--head); }
        td.same { color: var(--soft); } td.differs { background: var(--amber); } td.only-local { background: var(--green); }
        td.only-remote, td.error { background: var(--red); }
        .diff { table-layout: fixed; min-width: 42rem; width: 100%; font: .85rem/1.4 ui-monospace, monospace; }
        .diff td { padding: 0 .4rem; } .diff tbody + tbody td { border-top: 0; } .diff tbody + tbody tr:first-child td { border-top: 1px dashed var(--line); }
        .diff code { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
        .number { width: 3.5rem; color: var(--soft); text-align: right; user-select: none; }
        .removed { background: var(--red); } .added { background: var(--green); } .none { background: var(--head); }
        del, ins { text-decoration: none; } del { background: var(--reder); } ins { background: var(--greener); }
        /* A narrow screen has the two sides one below the other, what is the same only once. */
        @media (max-width: 45rem) {
          .diff { display: block; min-width: 0; } .diff tbody, .diff thead { display: block; } .diff thead tr { display: flex; } .diff thead th { flex: 1; }
          .diff thead th:first-child { background: var(--red); } .diff thead th:last-child { background: var(--green); }
          .diff tbody tr { display: grid; grid-template-columns: 3rem 1fr; } .number { width: auto; }
          .diff .none, .diff .context ~ td { display: none; } .diff code::before { content: "\00a0\00a0"; }
          .diff .removed code::before { content: "- "; } .diff .added code::before { content: "+ "; } }
        """;
}
