// lexbor's nodes behind the handles. Included by html/*.cpp alone.
#pragma once

#include <lexbor/dom/dom.h>
#include <lexbor/tag/tag.h>

#include <string_view>

namespace kawat::html {

inline lxb_dom_node_t* Raw(void* node) { return static_cast<lxb_dom_node_t*>(node); }

inline std::string_view View(const lxb_char_t* data, std::size_t length) {
  return data == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), length);
}

// Comments, doctypes and processing instructions are not.
inline bool IsSeen(const lxb_dom_node_t* node) {
  return node->type == LXB_DOM_NODE_TYPE_ELEMENT || node->type == LXB_DOM_NODE_TYPE_TEXT;
}

inline bool IsElement(const lxb_dom_node_t* node) { return node->type == LXB_DOM_NODE_TYPE_ELEMENT; }

// Depth first after `node`, not leaving `root`, with or without `node`'s children; all kinds of nodes.
inline lxb_dom_node_t* Following(lxb_dom_node_t* node, const lxb_dom_node_t* root, bool children) {
  if (children && node->first_child != nullptr) {
    return node->first_child;
  }
  while (node != root && node->next == nullptr) {
    node = node->parent;
    if (node == nullptr) {
      return nullptr;
    }
  }
  return node == root ? nullptr : node->next;
}

}  // namespace kawat::html
