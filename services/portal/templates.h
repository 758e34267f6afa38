// The pages' Mustache templates. {{x}} escapes.
#pragma once

namespace kawat::portal {

inline constexpr char kHead[] = R"(<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#1c1c1a, #ecebe6); --soft: light-dark(#66645c, #a3a199);
  --paper: light-dark(#fbfaf6, #191917); --line: light-dark(#dcd9cf, #3a3934); --accent: light-dark(#a2201d, #ff8a7a); }
@supports not (color: light-dark(#000, #fff)) { :root { --ink: #1c1c1a; --soft: #66645c; --paper: #fbfaf6; --line: #dcd9cf; --accent: #a2201d; } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 44rem; padding: 1.5rem 1rem 4rem; font: 1.0625rem/1.6 Georgia, "Noto Serif", "Noto Serif CJK JP", serif;
  color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em }
a:hover { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
header, .meta, .tip, form, .more, .group { font-family: system-ui, "Noto Sans", "Noto Sans CJK JP", sans-serif }
h1.brand { font-size: 1.5rem; margin: 0 0 .75rem; letter-spacing: -.01em } h1.brand a { text-decoration: none }
form { display: flex; gap: .5rem }
input { flex: 1; min-width: 0; font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem; background: transparent; color: inherit }
button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: .4rem; background: var(--accent); color: var(--paper); cursor: pointer }
.tip, .meta, .group { color: var(--soft); font-size: .875rem } .tip { margin: .5rem 0 2rem }
ol { list-style: none; margin: 0; padding: 0 } li { padding: 1rem 0; border-top: 1px solid var(--line) }
li h2 { font-size: 1.1875rem; line-height: 1.35; margin: 0 } li h2 a { text-decoration: none }
li p { margin: .25rem 0 0 } .source { font-weight: 600; color: var(--ink) } .snippet { color: var(--soft); font-size: .9375rem }
article h2 { font-size: 1.75rem; line-height: 1.25; margin: 2rem 0 .5rem } article .credit { color: var(--soft) }
.problem { border-left: 3px solid var(--accent); padding-left: 1rem }
</style>
</head>
<body>
<header>
<h1 class="brand"><a href="/">Cari Berita</a></h1>
<form action="/" role="search">
<input name="q" value="{{query}}" aria-label="Kata kunci" placeholder="Kata kunci, atau &quot;frasa persis&quot;" maxlength="1000" autofocus>
<button>Cari</button>
</form>
<p class="tip">Hindari kata yang terlalu umum; pakai tanda kutip ganda untuk frasa persis, misalnya "sakura mekar". Hasil paling lama satu tahun.</p>
</header>
<main>
)";

inline constexpr char kList[] = R"({{#hint}}<p class="tip">{{hint}}</p>{{/hint}}
{{#empty}}<p>{{empty}}</p>{{/empty}}
<ol>
{{#items}}<li>
{{#group}}<p class="group">{{group}}</p>{{/group}}
<h2 lang="{{language}}"><a href="/article/{{id}}">{{title}}</a></h2>
<p class="meta"><span class="source">{{source}}</span> | <time datetime="{{iso_time}}">{{relative_time}}</time></p>
{{#snippet}}<p class="snippet" lang="{{language}}">{{snippet}}</p>{{/snippet}}
</li>
{{/items}}</ol>
{{#more}}<p class="more"><a href="{{more}}" rel="next">Berita sebelumnya</a></p>{{/more}}
)";

inline constexpr char kArticle[] = R"(<article>
{{#group}}<p class="group">{{group}}</p>{{/group}}
<h2 lang="{{language}}">{{title}}</h2>
<p class="meta"><span class="source">{{source}}</span> | <time datetime="{{iso_time}}">{{relative_time}}</time>{{#authors}} | {{authors}}{{/authors}}</p>
<div lang="{{language}}">
{{#paragraphs}}<p>{{text}}</p>
{{/paragraphs}}{{#copyright}}<p class="credit">{{copyright}}</p>{{/copyright}}
</div>
{{#url}}<p class="meta"><a href="{{url}}" rel="noopener noreferrer nofollow">Baca di situs asal</a></p>{{/url}}
</article>
{{#has_copies}}<section><h3>Diterbitkan juga oleh</h3><ol>
{{#copies}}<li><p><a href="/article/{{id}}">{{title}}</a></p>
<p class="meta"><span class="source">{{source}}</span> | <time datetime="{{iso_time}}">{{relative_time}}</time></p></li>
{{/copies}}</ol></section>{{/has_copies}}
)";

inline constexpr char kProblem[] = R"(<p class="problem">{{problem}}</p>
)";

inline constexpr char kFoot[] = R"(</main>
</body>
</html>
)";

}  // namespace kawat::portal
