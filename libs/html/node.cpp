#include <array>

#include "html/document.h"
#include "html/raw.h"

namespace kawat::html {
namespace {

constexpr std::string_view kHtmlSpace = " \t\n\f\r";

bool IsLeftOutOfText(const lxb_dom_node_t* node) {
  return node->local_name == LXB_TAG_SCRIPT || node->local_name == LXB_TAG_STYLE ||
         node->local_name == LXB_TAG_TEMPLATE;
}

std::string_view Data(lxb_dom_node_t* text) {
  const lexbor_str_t& data = lxb_dom_interface_character_data(text)->data;
  return View(data.data, data.length);
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
  lxb_dom_attr_t* const found = lxb_dom_element_attr_by_name(
      lxb_dom_interface_element(Raw(raw_)), reinterpret_cast<const lxb_char_t*>(name.data()), name.size());
  if (found == nullptr) {
    return std::nullopt;
  }
  std::size_t length = 0;
  const lxb_char_t* const value = lxb_dom_attr_value(found, &length);
  return View(value, length);
}

bool Node::has_class(std::string_view name) const {
  std::string_view rest = classes();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(kHtmlSpace), rest.size());
    if (rest.substr(0, end) == name && !name.empty()) {
      return true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

Node Node::parent() const {
  lxb_dom_node_t* const up = raw_ == nullptr ? nullptr : Raw(raw_)->parent;
  return up == nullptr || !IsElement(up) ? Node() : Node(up);
}

Node Node::first_child() const { return raw_ == nullptr ? Node() : Node(NextSeen(Raw(raw_)->first_child)); }
Node Node::next_sibling() const { return raw_ == nullptr ? Node() : Node(NextSeen(Raw(raw_)->next)); }

Node Node::previous_sibling() const {
  lxb_dom_node_t* node = raw_ == nullptr ? nullptr : Raw(raw_)->prev;
  while (node != nullptr && !IsSeen(node)) {
    node = node->prev;
  }
  return Node(node);
}

Node Node::next_in_document(Node root) const {
  return raw_ == nullptr ? Node() : Node(NextSeenInDocument(Raw(raw_), Raw(root.raw_), true));
}

Node Node::next_skipping_children(Node root) const {
  return raw_ == nullptr ? Node() : Node(NextSeenInDocument(Raw(raw_), Raw(root.raw_), false));
}

std::string Node::TextContent() const {
  if (!is_element()) {
    return std::string(text());
  }
  std::string result;
  lxb_dom_node_t* const root = Raw(raw_);
  for (lxb_dom_node_t* node = Following(root, root, true); node != nullptr;) {
    if (node->type == LXB_DOM_NODE_TYPE_TEXT) {
      result.append(Data(node));
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
