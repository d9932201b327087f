// What html-validate may find in a page, and why. All else of its recommendations is an error.
module.exports = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The components of nhsuk-frontend leave spaces at the ends of lines; nobody sees them.
    "no-trailing-whitespace": "off",
    // nhsuk-frontend says the roles of tables again, since its style for small screens takes
    // them away, and that of fieldsets, which some screen readers lack.
    "no-redundant-role": "off",
    // nhsuk-frontend's links that look like buttons, and its banners.
    "prefer-native-element": ["error", { exclude: ["button", "region"] }],
    // Checkboxes of one question, and the rows of a panel, are sent as lists.
    "form-dup-name": "off",
    // Advice for search engines. Titles that people wrote, of webinars and mails, are not cut.
    "long-title": "off",
  },
};
