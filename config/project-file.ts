/** What of `project.config.json` differs between the root folder and a build that is opened by itself. */
export interface ProjectFile {
  projectname: string
  cloudfunctionRoot?: string
  setting: Record<string, unknown>
  [key: string]: unknown
}

/** The project file of a build. It names no functions: the root folder deploys them. */
export function projectOf(target: 'weapp' | 'weapp-local', project: ProjectFile): ProjectFile {
  const { cloudfunctionRoot: _, ...rest } = { ...project, miniprogramRoot: './' }
  if (target === 'weapp') return rest
  return {
    ...rest,
    projectname: `${project.projectname}-local`,
    // The local cloud uses http and 127.0.0.1, which a released mini-program may not call.
    setting: { ...project.setting, urlCheck: false },
  }
}
