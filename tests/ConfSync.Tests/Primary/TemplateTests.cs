using ConfSync.Primary;

namespace ConfSync.Tests.Primary;

/// <summary>What becomes of the marks in a template.</summary>
public sealed class TemplateTests
{
    [TestCase("listen %{ADDRESS}:80;", "listen 192.0.2.1:80;")]
    [TestCase("%{ADDRESS}%{ADDRESS}", "192.0.2.1192.0.2.1")]
    [TestCase("a %%{ADDRESS} b", "a %{ADDRESS} b")]
    [TestCase("log-format %{+Q}o %{-X}t", "log-format %{+Q}o %{-X}t")]
    [TestCase("${ADDRESS} %ADDRESS% 5% {x}", "${ADDRESS} %ADDRESS% 5% {x}")]
    [TestCase("\uDCFF%{EMPTY}\uDC80", "\uDCFF\uDC80")]
    [TestCase("%{SELF}", "%{ADDRESS}")]
    [TestCase("", "")]
    public void A_mark_becomes_its_value_and_all_else_stays(string text, string rendered)
    {
        var result = Template.Render(text, ValueOf);

        Assert.That(result.Problems, Is.Empty);
        Assert.That(result.Text, Is.EqualTo(rendered));
    }

    [Test]
    public void A_mark_without_a_value_and_what_is_no_mark_are_named_with_their_lines() => Assert.That(
        Template.Render("%{ADDRESS}\n%{ADRESS} %{ADDRESS }\n\n%{1X} %{", ValueOf).Problems,
        Is.EqualTo([new TemplateProblem(2, "ADRESS"), new TemplateProblem(2, null), new TemplateProblem(4, null), new TemplateProblem(4, null)]));

    private static string? ValueOf(string name) => name switch
    {
        "ADDRESS" => "192.0.2.1",
        "EMPTY" => "",
        "SELF" => "%{ADDRESS}",
        _ => null,
    };
}
