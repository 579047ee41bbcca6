"""Texts that would do something, were they ever read as code: one table for all outputs."""

from __future__ import annotations

MARK = "gsmark"
"""What all of them set, call, read or ask for: a trace of it means that one was obeyed."""

OF_PAGES = (
    "<script>window.gsmark=1</script>", "</script><script>window.gsmark=1</script>", "<!--<script>", "]]><script>gsmark()</script>",
    "<img src=x onerror=window.gsmark=1>", "\"><img src=x onerror=window.gsmark=1>", "'><svg onload=window.gsmark=1>",
    "<svg><script href='https://gsmark.test/a.js'/></svg>", "<svg><animate onbegin=gsmark() attributeName=x dur=1s>",
    "<math><mtext><img src=x onerror=window.gsmark=1></mtext></math>", "<math href='javascript:gsmark()'>x</math>",
    "<iframe src='https://gsmark.test/'></iframe>", "<iframe srcdoc='<script>parent.gsmark=1</script>'>", "<object data='https://gsmark.test/'>",
    "<embed src='https://gsmark.test/'>", "<link rel=stylesheet href='https://gsmark.test/a.css'>", "<base href='https://gsmark.test/'>",
    "<meta http-equiv=refresh content='0;url=https://gsmark.test/'>", "<style>@import 'https://gsmark.test/a.css';</style>", "</style><script>gsmark()</script>",
    "<form action='https://gsmark.test/'><input autofocus onfocus=window.gsmark=1>", "<body onload=window.gsmark=1>", "<details open ontoggle=window.gsmark=1>",
    "<video><source onerror=window.gsmark=1></video>", "<a href='javascript:window.gsmark=1'>a</a>", "<template><script>gsmark()</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.gsmark=1>'>", "</title><script>window.gsmark=1</script>", "</textarea><script>gsmark()</script>",
    "\u2028window.gsmark=1//", "';window.gsmark=1//", '";window.gsmark=1//', "`${window.gsmark=1}`", "\\\";window.gsmark=1//", "__proto__", "constructor",
    "{{constructor.constructor('window.gsmark=1')()}}", "&lt;script&gt;gsmark()&lt;/script&gt;", "&#60;script&#62;gsmark()", "\" autofocus onfocus=\"window.gsmark=1",
    "' style='background:url(https://gsmark.test/a)", "\" data-background-iframe=\"https://gsmark.test/", "url(https://gsmark.test/a)", "};*{background:url(https://gsmark.test/a)}",
    "<use href='https://gsmark.test/a.svg#a'/>", "<image href='https://gsmark.test/a.png'/>", "<foreignObject><iframe src='https://gsmark.test/'/></foreignObject>",
    "<?xml-stylesheet href='https://gsmark.test/a.css'?>", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;", "\x00<script>gsmark()</script>",
)  # fmt: skip

OF_TEX = (
    r"\input{/etc/passwd}", r"\include{gsmark}", r"\write18{touch gsmark}", r"\immediate\write18{touch gsmark}", r"\openin5=/etc/passwd", r"\openout5=gsmark.tex",
    r"\read5 to\gsmark", r"\catcode`\X=0 Xinput{gsmark}", r"^^5cinput{gsmark}", r"\csname input\endcsname{gsmark}", r"\directlua{os.execute('touch gsmark')}",
    r"\def\x{gsmark}", r"\let\x=\input", r"\loop\iftrue\repeat", r"\expandafter\input gsmark", r"\usepackage{gsmark}", r"\end{document}\input{gsmark}", r"}\input{gsmark}{",
    r"\end{frame}\input{gsmark}", r"\verbatiminput{/etc/passwd}", r"\lstinputlisting{/etc/passwd}", r"\includegraphics{/etc/passwd}", r"\special{ps: gsmark}",
    r"\pdfobj file{/etc/passwd}", r"\href{run:gsmark}{a}", r"\url{file:///etc/passwd}", r"\XeTeXpicfile gsmark", r"\scantokens{\input{gsmark}}", "%\n\\input{gsmark}",
    "\\\n\\input{gsmark}", "$$\\input{gsmark}$$", r"\text{\input{gsmark}}", r"\begin{filecontents}{gsmark}", r"#1", r"~&_^%$#{}\\",
)  # fmt: skip

OF_TYPST = (
    '#read("/etc/passwd")', '#import "gsmark.typ": *', '#include "/etc/passwd"', '"#read("gsmark")"', '\\"#read("gsmark")', '#eval("read(1)")', '$#read("gsmark")$',
    '#image("/etc/passwd")', '#plugin("gsmark.wasm")', "#sys.inputs", '") + read("gsmark") + ("', "]#read(\"gsmark\")[", "#let x = read", '#{read("gsmark")}', "#while true {}",
    "// */ #read(\"gsmark\")", "/* #read(\"gsmark\")", '#link("https://gsmark.test/")', "`#read(\"gsmark\")`", "<label> @gsmark", "\\u{22}) #read(\"gsmark\")",
)  # fmt: skip

OF_SLIDES = (
    "<a:hlinkClick r:id='rId1' action='ppaction://program'/>", "ppaction://hlinkshowjump?jump=firstslide", "</a:t></a:r><p:oleObj progId='gsmark'/>",
    "=cmd|'/c gsmark'!A1", "@SUM(1+1)*cmd|' /C gsmark'!A0", "&gsmark;", "&#0;", "&#xD800;", "]]>", "<?mso-application progid='Word.Document'?>", "_x0000_", "\x0b\x0c",
    "rId1\" r:embed=\"rId2", "<xi:include href='file:///etc/passwd' parse='text'/>", r"\\gsmark.test\share\a", "file:///etc/passwd", "DDEAUTO c:\\gsmark",
)  # fmt: skip

OF_DOT = (
    '"]; x [URL="https://gsmark.test/"', "<<img src='/etc/passwd'/>>", 'a\\"]; image="/etc/passwd"', "\\N \\G \\L", "}; digraph {", "<table><tr><td>a</td></tr></table>",
)  # fmt: skip

OF_PYTHON = (
    "__import__('os').system('touch gsmark')", "{0.__class__.__mro__}", "%(gsmark)s %n %s", "{gsmark!r:>{width}}", "!!python/object/apply:os.system ['touch gsmark']",
    "$(touch gsmark)", "`touch gsmark`", "; touch gsmark", "@/etc/passwd", "@../../../../etc/passwd", "../../etc/passwd", "x=@/dev/zero", "--by=;gsmark", "\n\n---\n\n", "```\n```graphstep x=1",
)  # fmt: skip

INJECTIONS = (*OF_PAGES, *OF_TEX, *OF_TYPST, *OF_SLIDES, *OF_DOT, *OF_PYTHON)
