#include "html/document.h"
#include "html/raw.h"

namespace kawat::html {
namespace {

bool IsLeftOutOfText(const lxb_dom_node_t* node) {
  return node->local_name == LXB_TAG_SCRIPT || node->local_name == LXB_TAG_STYLE ||
         node->local_name == LXB_TAG_TEMPLATE;
}

std::string_view Data(lxb_dom_node_t* text) {
  const lexbor_str_t& data = lxb_dom_interface_character_data(text)->data;
  return View(data.data, data.length);
}

// At most so many bytes, cut at a character's boundary.
std::string_view UpTo(std::size_t bytes, std::string_view text) {
  while (bytes > 0 && bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) {
    --bytes;
  }
  return text.substr(0, bytes);
}

lxb_dom_node_t* NextSeen(lxb_dom_node_t* node) {
  while (node != nullptr && !IsSeen(node)) {
    node = node->next;
  }
  return node;
}

lxb_dom_node_t* NextSeenInDocument(lxb_dom_node_t* node, const lxb_dom_node_t* root, bool children) {
  node = Following(node, root, children);
  while (node != nullptr && !IsSeen(node)) {
    node = Following(node, root, true);
  }
  return node;
}

}  // namespace

bool Node::is_element() const { return raw_ != nullptr && IsElement(Raw(raw_)); }
bool Node::is_text() const { return raw_ != nullptr && Raw(raw_)->type == LXB_DOM_NODE_TYPE_TEXT; }

std::string_view Node::tag() const {
  if (!is_element()) {
    return {};
  }
  std::size_t length = 0;
  const lxb_char_t* const name = lxb_dom_element_local_name(lxb_dom_interface_element(Raw(raw_)), &length);
  return View(name, length);
}

std::string_view Node::text() const { return is_text() ? Data(Raw(raw_)) : std::string_view(); }

std::optional<std::string_view> Node::attribute(std::string_view name) const {
  if (!is_element()) {
    return std::nullopt;
  }
  // Not by lexbor's table of names: it is as slow as a page has made it large.
  for (lxb_dom_attr_t* attribute = lxb_dom_interface_element(Raw(raw_))->first_attr; attribute != nullptr;
       attribute = attribute->next) {
    std::size_t length = 0;
    const lxb_char_t* const known = lxb_dom_attr_qualified_name(attribute, &length);
    if (View(known, length) == name) {
      const lxb_char_t* const value = lxb_dom_attr_value(attribute, &length);
      return View(value, length);
    }
  }
  return std::nullopt;
}

Node Node::parent() const {
  lxb_dom_node_t* const up = raw_ == nullptr ? nullptr : Raw(raw_)->parent;
  return up == nullptr || !IsElement(up) ? Node() : Node(up);
}

Node Node::first_child() const { return raw_ == nullptr ? Node() : Node(NextSeen(Raw(raw_)->first_child)); }
Node Node::next_sibling() const { return raw_ == nullptr ? Node() : Node(NextSeen(Raw(raw_)->next)); }

Node Node::next_in_document(Node root) const {
  return raw_ == nullptr ? Node() : Node(NextSeenInDocument(Raw(raw_), Raw(root.raw_), true));
}

Node Node::next_skipping_children(Node root) const {
  return raw_ == nullptr ? Node() : Node(NextSeenInDocument(Raw(raw_), Raw(root.raw_), false));
}

std::string Node::TextContent(std::size_t budget) const {
  if (!is_element()) {
    return std::string(UpTo(budget, text()));
  }
  std::string result;
  lxb_dom_node_t* const root = Raw(raw_);
  for (lxb_dom_node_t* node = Following(root, root, true); node != nullptr && budget > 0;) {
    --budget;
    if (node->type == LXB_DOM_NODE_TYPE_TEXT) {
      const std::string_view text = UpTo(budget, Data(node));
      result.append(text);
      if (text.size() < Data(node).size()) {
        break;
      }
      budget -= text.size();
    }
    node = Following(node, root, !IsLeftOutOfText(node));
  }
  return result;
}

void Node::Remove() {
  if (raw_ != nullptr) {
    lxb_dom_node_remove_wo_events(Raw(raw_));  // its memory is the document's
    raw_ = nullptr;
  }
}

}  // namespace kawat::html
