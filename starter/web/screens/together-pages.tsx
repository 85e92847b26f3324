import type { Route } from '../state/route.js'
import { AboutPage } from './about/about-page.js'
import { JoinPage } from './groups/join-page.js'
import { NewGroupPage } from './groups/new-group-page.js'
import { PeoplePage } from './people/people-page.js'

/** Friends, groups, and what there is to know about a conversation. */
export function TogetherPages({ route }: { readonly route: Route }) {
  switch (route.name) {
    case 'about':
      return <AboutPage key={route.id} id={route.id} />
    case 'people':
      return <PeoplePage />
    case 'newGroup':
      return <NewGroupPage />
    case 'join':
      return <JoinPage key={route.link} link={route.link} />
    default:
      return null
  }
}
