'use strict';
(function () {
  const comparison = Page.data;
  Page.add(Page.page, 'h1', comparison.second + ' against ' + comparison.first);
  Page.add(Page.page, 'p', Effects.headline(comparison), 'headline');
  Effects.show(Page.section('Differences'), comparison, 'effects');
  Page.finish('plimsoll compare');
})();
