using ConfSync.Protocol;
using ConfSync.Services;

namespace ConfSync.Tests.Services;

public sealed class ServiceDefinitionTests
{
    private static IEnumerable<ServiceDefinition> BuiltIn => ServiceDefinition.BuiltIn;

    [TestCaseSource(nameof(BuiltIn))]
    public void The_script_uses_the_program_of_the_definition_where_nothing_else_is_set(ServiceDefinition service)
    {
        var words = service == ServiceDefinition.Nginx ? $"{service.Name}={service.Program} " : $"program_of {service.Name} {service.Program} ";
        Assert.That(PeerScript.SourceOf(ConversationMode.Push, SampleServices.Of(service)), Does.Contain(words));
    }

    // What "How a service is added" in docs/design.md lists: the verbs of each service but nginx.
    [TestCaseSource(nameof(BuiltIn))]
    public void The_folder_of_a_service_answers_every_verb(ServiceDefinition service)
    {
        if (service == ServiceDefinition.Nginx) return;
        var source = PeerScript.SourceOf(ConversationMode.Push, SampleServices.Of(service));
        var verbs = Listed("### The verbs of a service");
        Assert.That(verbs, Has.Count.EqualTo(6));
        foreach (var verb in verbs) Assert.That(source, Does.Contain($"    {verb}) {service.Name}_{verb}"));
    }

    private static List<string> Listed(string heading) =>
        [.. File.ReadAllLines(Repository.File("docs/design.md")).SkipWhile(line => line != heading).Skip(1)
            .TakeWhile(line => !line.StartsWith('#')).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];

    // What the rest of the script calls of nginx, as that section lists it.
    [Test]
    public void The_folder_of_nginx_defines_every_function_that_the_script_calls()
    {
        var service = ServiceDefinition.Nginx;
        var folder = Repository.File($"src/ConfSync/Protocol/Script/service/{service.Name}");
        var source = string.Join('\n', Directory.EnumerateFiles(folder, "*.sh").Select(File.ReadAllText));
        var listed = Listed("### The functions of nginx");

        Assert.That(listed, Has.Count.GreaterThan(8));
        Assert.That(listed.Where(name => !source.Contains($"\n{name}() {{", StringComparison.Ordinal)), Is.Empty);
    }
}
