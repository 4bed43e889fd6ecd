using ConfSync.Protocol;
using ConfSync.Services;

namespace ConfSync.Tests.Services;

public sealed class ServiceDefinitionTests
{
    private static IEnumerable<ServiceDefinition> BuiltIn => ServiceDefinition.BuiltIn;

    [TestCaseSource(nameof(BuiltIn))]
    public void The_script_uses_the_program_of_the_definition_where_nothing_else_is_set(ServiceDefinition service) =>
        Assert.That(PeerScript.SourceOf(ConversationMode.Push), Does.Contain($"{service.Name}={service.Program} "));

    // What the rest of the script calls, as "How a service is added" in docs/design.md lists it.
    [TestCaseSource(nameof(BuiltIn))]
    public void The_folder_of_a_service_defines_every_function_that_the_script_calls(ServiceDefinition service)
    {
        var folder = Repository.File($"src/ConfSync/Protocol/Script/service/{service.Name}");
        var source = string.Join('\n', Directory.EnumerateFiles(folder, "*.sh").Select(File.ReadAllText));
        var listed = File.ReadAllLines(Repository.File("docs/design.md"))
            .SkipWhile(line => line != "## How a service is added").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).ToList();

        Assert.That(listed, Has.Count.GreaterThan(8));
        Assert.That(listed.Where(name => !source.Contains($"\n{name}() {{", StringComparison.Ordinal)), Is.Empty);
    }
}
