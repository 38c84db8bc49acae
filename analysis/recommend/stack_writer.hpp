#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/recommend/recommend.hpp"
#include "analysis/recommend/stack_template.hpp"

namespace deadair::recommend {

/// Greedy word wrap at the column of our comments, each line after `prefix`.
std::string wrapped(std::string_view prefix, std::string_view text);

/// Fills a template's lines with settings, for one role.
class stack_writer {
public:
    /// @param comment  how a comment line starts
    stack_writer(std::string_view comment, std::span<const recommendation> settings, role as)
        : comment_{comment}, settings_{settings}, as_{as}
    {
    }

    void write(std::span<const template_line> lines);

    const std::string& text() const { return body_; }
    /// Settings that stand in the text, in the order of their list.
    const std::set<setting_name>& used() const { return used_; }
    /// Settings that the template asked for in vain, as they came.
    const std::vector<setting_name>& left_out() const { return left_out_; }

private:
    const recommendation* find(setting_name setting) const;
    std::string why_not(setting_name setting, std::span<const template_part> parts) const;
    bool all_given(std::string_view indent, std::span<const setting_name> wanted,
                   std::span<const template_part> parts);
    void say_left_out(std::string_view indent, const std::string& names, std::string_view why);
    void comment(std::string_view indent, const std::string& text);
    bool enters(const template_line& begin, std::span<const template_line> inside);
    void fill(const template_line& line);
    std::string number(std::string_view indent, const template_part& part);

    std::string_view comment_;
    std::span<const recommendation> settings_;
    role as_;
    std::string body_;
    std::set<setting_name> explained_;
    std::set<std::string> remarked_;
    std::set<setting_name> used_;
    std::vector<setting_name> left_out_;
};

}  // namespace deadair::recommend
