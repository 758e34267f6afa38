// Any bytes are a page; the first byte chooses what the header says of their encoding. All texts of the tree are UTF-8,
// and trees stay whole while nodes are removed.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/utf8.h"
#include "html/document.h"
#include "tests/fuzz/seeds.h"

std::span<const std::string_view> FuzzSeeds() {
  static constexpr auto kSeeds = std::to_array<std::string_view>({
      " <!doctype html><meta charset=shift_jis><title>a &amp; b</title><article class='x y'><p "
      "id=a>t<b>u<i>v</b>w</i><a href=/q rel=nofollow>z</a>",
      "0<table><tr><td>a<p>b<table>c</table><template><p>d</template><select><option>e",
      "1<svg><desc><p>a</svg><math><mi><b>c</math><script>d<!--</script>--><style>e</style><noscript>f</noscript>",
      "2<ul><li>a<li>b<ul><li>c</ul></ul><h1>d<h2>e</h1><frameset><frame>",
  });
  return kSeeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace html = kawat::html;
  constexpr std::array<std::string_view, 6> kTypes = {"",
                                                      "text/html; charset=utf-8",
                                                      "text/html; charset=iso-2022-jp",
                                                      "text/html; charset=gb18030",
                                                      "text/html; charset=utf-16le",
                                                      "text/html; charset=big5"};
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view type = bytes.empty() ? "" : kTypes[static_cast<unsigned char>(bytes.front()) % kTypes.size()];
  html::Document document =
      html::Document::Parse(bytes.substr(std::min<std::size_t>(1, size)), type, {.max_open_elements = 64});
  const html::Node root = document.root();
  KAWAT_CHECK(static_cast<bool>(root), "a document without a root");
  for (html::Node node = root; node; node = node.next_in_document(root)) {
    KAWAT_CHECK(node.is_element() != node.is_text(), "a node that is neither or both");
    KAWAT_CHECK(kawat::base::IsValidUtf8(node.text()), "a text that is not UTF-8");
    KAWAT_CHECK(kawat::base::IsValidUtf8(node.attribute_or_empty("class")), "an attribute that is not UTF-8");
    KAWAT_CHECK(node == root || node.parent(), "a node without a parent");
  }
  static_cast<void>(root.SelectAll("article > p, div .x[href^=\"/\"] a, #a"));
  for (html::Node node = root.SelectFirst("p, li, b, td"); node; node = root.SelectFirst("p, li, b, td")) {
    node.Remove();
  }
  KAWAT_CHECK(kawat::base::IsValidUtf8(root.TextContent()), "text that is not UTF-8");
  return 0;
}
