// The real package brings build targets only; standins/sdk/AppHost.targets has those.
[assembly: System.Reflection.AssemblyDescription("Stand-in for Aspire.Hosting.AppHost")]
